"""What is known of Chinese itself: likely words, readings of characters, surnames."""
