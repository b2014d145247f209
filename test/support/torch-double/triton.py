"""Stands for OpenAI Triton, which is only imported."""
