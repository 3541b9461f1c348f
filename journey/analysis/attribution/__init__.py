"""Which channels deserve the credit for orders: by rule, by chain, by coalition, and how sure.

paths -> ways (the different paths, counted) -> one credit table a model -> intervals, verdicts
"""
