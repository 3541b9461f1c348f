"""The commands of `python -m journey`, a module each; every module adds its own."""
