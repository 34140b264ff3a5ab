-- {name}: the name of the database, quoted as an identifier; a statement of this kind takes no parameters.
CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0;
