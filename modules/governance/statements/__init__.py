"""The limits as statements of policies, by concern; every one of them refuses something."""
