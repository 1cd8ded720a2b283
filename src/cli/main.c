#include <stdio.h>

int main(void)
{
    fputs("vonglau: the command line comes with the next slice\n", stderr);
    return 2;
}
