"""One file for each promise that is measured, as a ratio within one run: machines are noisy."""
