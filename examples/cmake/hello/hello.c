#include <greet.h>
#include <stdio.h>

int main(void)
{
    char text[64];
    greet("CMake", text, sizeof text);
    puts(text);
    return 0;
}
