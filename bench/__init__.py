"""Benchmarks: our tables against peers that answer the same questions from the same Parquet.

They print ratios, measured in one run on one machine; no test depends on them.
"""
