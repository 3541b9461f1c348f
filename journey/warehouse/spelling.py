"""Segments of journeys: a number where rows are kept, four words where they are read."""


def spelled_out(rows: str) -> str:
    """The SELECT that gives rows (a table's name, or a SELECT in brackets) with a column
    `segment_number` the words of their segment: `entry_channel`, `persona`, `device`, `country`."""
    return (
        "select numbered.*, "
        "segments.entry_channel, segments.persona, segments.device, segments.country "
        f"from {rows} as numbered "
        "inner join segments on numbered.segment_number = segments.segment_number"
    )
