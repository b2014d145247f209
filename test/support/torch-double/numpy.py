"""Stands for NumPy, which is only imported."""
