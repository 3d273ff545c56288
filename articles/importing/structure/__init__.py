"""The shape of an essay: marks that readers found or guessed, blocks made of them, markup."""
