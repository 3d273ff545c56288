"""Training: who is to read what, and that it was read. It uses the library, never the other way."""
