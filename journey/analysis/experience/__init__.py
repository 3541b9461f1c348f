"""How customers feel: scores, the experience index, who stays silent, and what it is worth."""
