"""One file a measured promise. Figures are ratios within one run: machines are noisy."""
