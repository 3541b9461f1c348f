"""What people see: charts, words, pages, exports."""
