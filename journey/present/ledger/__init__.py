"""The ledger of what hurts as a reader sees it: rows with bars of money, the course of a pain."""
