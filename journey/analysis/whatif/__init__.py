"""What if: one part of the chain of journeys moved, and what comes of it in the end."""
