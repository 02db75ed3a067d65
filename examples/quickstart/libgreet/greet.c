#include "greet.h"

#include <stdio.h>

size_t greet(const char *name, char *buffer, size_t size)
{
    int length = snprintf(buffer, size, "Hello, %s, from C!", name);
    return length < 0 ? 0 : (size_t)length;
}
