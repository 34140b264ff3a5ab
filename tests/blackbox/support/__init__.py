"""What the black-box tests share: servers, clients, tables, attribute values."""
