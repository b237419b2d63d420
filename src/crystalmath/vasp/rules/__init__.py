"""The rules, in modules by subject; each is a function that yields reports for one folder."""
