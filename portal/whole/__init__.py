"""All that people made of a library, as plain files, and back: docs/export.md says how it looks."""
