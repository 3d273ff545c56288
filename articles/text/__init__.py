"""Chinese text and markup: scripts, names, comparison, likeness. Uses nothing else of ours."""
