"""Event files in: read, mapped onto the contract, checked, stored or quarantined."""
