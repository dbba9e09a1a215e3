"""The versions of the schema, one SQL file each. A version only adds: replicas of earlier ones write on."""
