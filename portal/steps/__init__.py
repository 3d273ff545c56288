"""What a second step of signing in is made of: apps for codes, printed codes, passkeys."""
