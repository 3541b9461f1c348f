"""What the product finds of the demo's planted effects, asked of its own analyses."""
