"""UserService in Python, twice: ``threads`` (grpcio) and ``aio`` (grpc.aio), each a server and a client driver.

``domain`` is what both share of the service, ``contract`` what both share of the process contract (interop/README.md);
``services`` names the services, for both here and for each server in its stack. The two stacks share nothing else, so
that they can be compared.
"""
