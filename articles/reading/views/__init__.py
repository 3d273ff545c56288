"""The public pages. A page reads what was prepared on save; it converts and parses nothing."""
