// A tl2cgen library called from C: compiled <library> <x.f32> <columns> <rows> one|batch [<scores.f64>]
// "one" prints the mean, p50 and p99 microseconds of scoring one row, another row each call; "batch" the seconds for all
// rows, on one thread. The library overwrites its input, so a caller must fill it for every row: that is timed.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

union Entry {
  int missing;
  double fvalue;
  int qvalue;
};

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
  void (*predict)(union Entry *, int, double *) = (void (*)(union Entry *, int, double *))dlsym(library, "predict");
  size_t columns = strtoul(argv[3], 0, 10), rows = strtoul(argv[4], 0, 10);
  float *x = malloc(rows * columns * sizeof *x);
  double *scores = malloc(2 * rows * sizeof *scores), *times = malloc(rows * sizeof *times);
  union Entry *entry = malloc(columns * sizeof *entry);
  FILE *file = fopen(argv[2], "rb");
  if (!predict || !file || fread(x, sizeof *x, rows * columns, file) != rows * columns)
    return fprintf(stderr, "cannot read\n"), 1;
#define SCORE(i)                                                                       \
  for (size_t j = 0; j < columns; j++) entry[j].fvalue = x[(i) * columns + j];         \
  predict(entry, 0, scores + 2 * (i));
  for (size_t i = 0; i < rows; i++) { SCORE(i) }
  double start = now_us();
  for (size_t i = 0; i < rows; i++) { SCORE(i) }
  double total = now_us() - start;
  if (!strcmp(argv[5], "batch")) {
    printf("{\"seconds\": %.9g}\n", total / 1e6);
  } else {
    for (size_t i = 0; i < rows; i++) {
      double t = now_us();
      SCORE(i)
      times[i] = now_us() - t;
    }
    qsort(times, rows, sizeof *times, ascending);
    printf("{\"meanUs\": %.9g, \"p50Us\": %.9g, \"p99Us\": %.9g}\n", total / rows, times[rows / 2],
           times[rows * 99 / 100]);
  }
  if (argc > 6) {
    FILE *out = fopen(argv[6], "wb");
    for (size_t i = 0; i < rows; i++) fwrite(scores + 2 * i + 1, sizeof *scores, 1, out);
    fclose(out);
  }
  return 0;
}
