#ifndef GREET_H
#define GREET_H

#include <stddef.h>

/* Writes a greeting for `name` to `buffer`, cut to `size` bytes with the final NUL; gives the
   length that the whole greeting has. */
size_t greet(const char *name, char *buffer, size_t size);

#endif
