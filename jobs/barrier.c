/* Prices a down-and-out call by simulation: a program without a shell, a runtime or a library, run by jobs/command-c.yaml.
 *
 * Each task draws its own paths, from a seed that is its index; the mean over the tasks is the price. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

/* SplitMix64, as a number from 0 to 1, neither included. */
static double uniform(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()); }

static double number(const char *name) {
    const char *text = getenv(name);
    if (text == NULL) {
        fprintf(stderr, "%s is missing\n", name);
        exit(2);
    }
    return atof(text);
}

int main(void) {
    const int paths = (int)number("BELLWETHER_PARAMETER_PATHS"), steps = 252;
    const double volatility = number("BELLWETHER_PARAMETER_VOLATILITY"), barrier = number("BELLWETHER_PARAMETER_BARRIER");
    const double step = 1.0 / steps;
    state = (uint64_t)number("BELLWETHER_TASK") << 32;
    FILE *report = fdopen((int)number("BELLWETHER_REPORT_FD"), "w");
    if (report == NULL || paths < 1) return 2;
    double sum = 0;
    for (int path = 0; path < paths; path++) {
        double price = 100;
        int alive = 1;
        for (int i = 0; i < steps && alive; i++) {
            price *= exp(-0.5 * volatility * volatility * step + volatility * sqrt(step) * normal());
            alive = price > barrier;
        }
        if (alive && price > 100) sum += price - 100;
    }
    fprintf(report, "{\"metrics\": {\"price\": %.17g}, \"progress\": 1}\n", sum / paths);
    printf("%d paths: %.4f\n", paths, sum / paths);
    return fclose(report) == 0 ? 0 : 1;
}
