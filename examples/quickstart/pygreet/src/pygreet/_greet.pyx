cdef extern from "greet.h":
    size_t c_greet "greet"(const char *name, char *buffer, size_t size)


def greet(str name):
    """The greeting of libgreet for a name."""
    cdef char buffer[256]
    cdef size_t length = c_greet(name.encode(), buffer, sizeof(buffer))
    return buffer[:min(length, sizeof(buffer) - 1)].decode("utf-8", "replace")
