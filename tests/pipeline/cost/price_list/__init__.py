"""AWS's Price List: reading it, matching rows, refreshing and checking the catalogue."""
