"""Why two numbers differ: from one to the other a property at a time, each step measured."""
