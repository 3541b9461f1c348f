"""What changed: how much of a rate's change is more than chance, and from where it came."""
