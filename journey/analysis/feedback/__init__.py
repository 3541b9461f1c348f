"""What customers say in their own words: themes with their impact, comments, how sure it all is."""
