def compare(folder): pass
