/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-vclock/glib-vclock.h>
#include <glib-vclock/vclock-time-private.h>

#define MIN_TIME G_MININT64
#define NEVER    VCLOCK_TIME_NEVER

typedef struct
{
  gint64 a;
  gint64 b;
  gint64 result;
} Case;

/* Sums saturate at both ends, and what is never stays never. */
static void
test_add (void)
{
  static const Case cases[] = {
    { 0, 0, 0 },
    { 1, -1, 0 },
    { -5, 12, 7 },
    { NEVER - 1, 0, NEVER - 1 },
    { NEVER - 1, 1, NEVER },
    { NEVER - 1, 2, NEVER },
    { NEVER - 1, NEVER - 1, NEVER },
    { NEVER, 0, NEVER },
    { NEVER, -1, NEVER },
    { NEVER, MIN_TIME, NEVER },
    { 1, NEVER, NEVER },
    { -1, NEVER, NEVER },
    { MIN_TIME, NEVER, NEVER },
    { MIN_TIME, 0, MIN_TIME },
    { MIN_TIME, 1, MIN_TIME + 1 },
    { MIN_TIME, -1, MIN_TIME },
    { MIN_TIME, MIN_TIME, MIN_TIME },
    { MIN_TIME, NEVER - 1, -2 },
    { MIN_TIME + 1, -1, MIN_TIME },
    { MIN_TIME + 1, -2, MIN_TIME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (vclock_time_add (cases[i].a, cases[i].b), ==, cases[i].result);
}

/* Differences saturate at both ends; less of never is never. */
static void
test_subtract (void)
{
  static const Case cases[] = {
    { 0, 0, 0 },
    { 5, 7, -2 },
    { NEVER, 0, NEVER },
    { NEVER, NEVER, NEVER },
    { NEVER, MIN_TIME, NEVER },
    { NEVER - 1, -1, NEVER },
    { NEVER - 1, -2, NEVER },
    { NEVER - 1, MIN_TIME, NEVER },
    { 0, NEVER, MIN_TIME + 1 },
    { -1, NEVER, MIN_TIME },
    { -2, NEVER, MIN_TIME },
    { MIN_TIME, NEVER, MIN_TIME },
    { MIN_TIME, 1, MIN_TIME },
    { MIN_TIME, MIN_TIME, 0 },
    { 0, MIN_TIME, NEVER },
    { -1, MIN_TIME, NEVER },
    { -2, MIN_TIME, NEVER - 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (vclock_time_subtract (cases[i].a, cases[i].b), ==, cases[i].result);
}

static gint64
random_int64 (void)
{
  guint64 bits = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

  return (gint64) bits >> g_test_rand_int_range (0, 64);
}

static gint64
clamp (VclockWide wide)
{
  return wide > G_MAXINT64 ? G_MAXINT64 : wide < G_MININT64 ? G_MININT64 : (gint64) wide;
}

/* Sums and differences are those of 128 bits, clamped. */
static void
test_random (void)
{
  for (guint i = 0; i < 100000; i++)
    {
      gint64 a = random_int64 ();
      gint64 b = random_int64 ();

      if (a == NEVER || b == NEVER)
        continue;

      g_assert_cmpint (vclock_time_add (a, b), ==, clamp ((VclockWide) a + b));
      g_assert_cmpint (vclock_time_subtract (a, b), ==, clamp ((VclockWide) a - b));
    }
}

/* A wide value that does not fit becomes the nearest time. */
static void
test_from_wide (void)
{
  const VclockWide one = 1;

  g_assert_cmpint (vclock_time_from_wide (0), ==, 0);
  g_assert_cmpint (vclock_time_from_wide (-7), ==, -7);
  g_assert_cmpint (vclock_time_from_wide (NEVER), ==, NEVER);
  g_assert_cmpint (vclock_time_from_wide ((VclockWide) NEVER + 1), ==, NEVER);
  g_assert_cmpint (vclock_time_from_wide (one << 126), ==, NEVER);
  g_assert_cmpint (vclock_time_from_wide (MIN_TIME), ==, MIN_TIME);
  g_assert_cmpint (vclock_time_from_wide ((VclockWide) MIN_TIME - 1), ==, MIN_TIME);
  g_assert_cmpint (vclock_time_from_wide (-(one << 126)), ==, MIN_TIME);
}

/* Division rounds down, or up, on both sides of zero. */
static void
test_divide (void)
{
  static const struct
  {
    gint64 dividend;
    gint64 divisor;
    gint64 down;
    gint64 up;
  } cases[] = {
    { 0, 3, 0, 0 },
    { 1, 3, 0, 1 },
    { 2, 3, 0, 1 },
    { 3, 3, 1, 1 },
    { 4, 3, 1, 2 },
    { -1, 3, -1, 0 },
    { -2, 3, -1, 0 },
    { -3, 3, -1, -1 },
    { -4, 3, -2, -1 },
    { 4, -3, -2, -1 },
    { -4, -3, 1, 2 },
    { 6, -3, -2, -2 },
    { NEVER, 1, NEVER, NEVER },
    { NEVER, NEVER, 1, 1 },
    { MIN_TIME, 1, MIN_TIME, MIN_TIME },
    { MIN_TIME, NEVER, -2, -1 },
    { NEVER, MIN_TIME, -1, 0 },
    { MIN_TIME, 1000000000, -9223372037, -9223372036 },
    { NEVER, 1000000000, 9223372036, 9223372037 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (clamp (vclock_wide_divide_down (cases[i].dividend, cases[i].divisor)), ==,
                       cases[i].down);
      g_assert_cmpint (clamp (vclock_wide_divide_up (cases[i].dividend, cases[i].divisor)), ==,
                       cases[i].up);
    }
}

/* The quotient of 128 bits, times the divisor, encloses the dividend; products of the largest rate
 * do not overflow. */
static void
test_divide_wide (void)
{
  for (guint i = 0; i < 100000; i++)
    {
      VclockWide factor = (VclockWide) 1 << g_test_rand_int_range (0, 62);
      VclockWide dividend = (VclockWide) random_int64 () * factor + random_int64 ();
      VclockWide divisor = (VclockWide) 1 + (random_int64 () & (G_MAXINT64 >> 1));
      VclockWide down = vclock_wide_divide_down (dividend, divisor);
      VclockWide up = vclock_wide_divide_up (dividend, divisor);

      g_assert_true (down * divisor <= dividend && dividend - down * divisor < divisor);
      g_assert_true (up * divisor >= dividend && up * divisor - dividend < divisor);
    }
}

/* Values in a scale become nanoseconds; what does not fit is never, or the earliest time. */
static void
test_from_scale (void)
{
  static const struct
  {
    gint64      value;
    VclockScale scale;
    VclockTime  time;
  } cases[] = {
    { 0, VCLOCK_SCALE_S, 0 },
    { 1, VCLOCK_SCALE_NS, 1 },
    { 1, VCLOCK_SCALE_US, 1000 },
    { 1, VCLOCK_SCALE_MS, 1000000 },
    { 1, VCLOCK_SCALE_S, 1000000000 },
    { -3, VCLOCK_SCALE_MS, -3000000 },
    { 9223372036, VCLOCK_SCALE_S, 9223372036000000000 },
    { 9223372037, VCLOCK_SCALE_S, NEVER },
    { -9223372036, VCLOCK_SCALE_S, -9223372036000000000 },
    { -9223372037, VCLOCK_SCALE_S, MIN_TIME },
    { 9223372036854775, VCLOCK_SCALE_US, 9223372036854775000 },
    { 9223372036854776, VCLOCK_SCALE_US, NEVER },
    { NEVER, VCLOCK_SCALE_NS, NEVER },
    { NEVER, VCLOCK_SCALE_US, NEVER },
    { NEVER, VCLOCK_SCALE_MS, NEVER },
    { NEVER, VCLOCK_SCALE_S, NEVER },
    { MIN_TIME, VCLOCK_SCALE_NS, MIN_TIME },
    { MIN_TIME, VCLOCK_SCALE_US, MIN_TIME },
    { MIN_TIME, VCLOCK_SCALE_S, MIN_TIME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (vclock_time_from_scale (cases[i].value, cases[i].scale), ==, cases[i].time);
}

/* Nanoseconds in a scale are rounded up, so that waiting for the result never ends early; never
 * stays never. */
static void
test_to_scale (void)
{
  static const struct
  {
    VclockTime  time;
    VclockScale scale;
    gint64      value;
  } cases[] = {
    { 0, VCLOCK_SCALE_MS, 0 },
    { 1, VCLOCK_SCALE_NS, 1 },
    { 1, VCLOCK_SCALE_US, 1 },
    { 999, VCLOCK_SCALE_US, 1 },
    { 1000, VCLOCK_SCALE_US, 1 },
    { 1001, VCLOCK_SCALE_US, 2 },
    { -1, VCLOCK_SCALE_US, 0 },
    { -999, VCLOCK_SCALE_US, 0 },
    { -1000, VCLOCK_SCALE_US, -1 },
    { -1001, VCLOCK_SCALE_US, -1 },
    { 5000000, VCLOCK_SCALE_MS, 5 },
    { NEVER - 1, VCLOCK_SCALE_S, 9223372037 },
    { NEVER - 1, VCLOCK_SCALE_NS, NEVER - 1 },
    { NEVER, VCLOCK_SCALE_NS, NEVER },
    { NEVER, VCLOCK_SCALE_S, NEVER },
    { MIN_TIME, VCLOCK_SCALE_S, -9223372036 },
    { MIN_TIME, VCLOCK_SCALE_NS, MIN_TIME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (vclock_time_to_scale (cases[i].time, cases[i].scale), ==, cases[i].value);
}

/* A value that fits comes back from a scale as it was. */
static void
test_scale_round_trip (void)
{
  for (VclockScale scale = VCLOCK_SCALE_NS; scale <= VCLOCK_SCALE_S; scale++)
    for (guint i = 0; i < 10000; i++)
      {
        gint64 value = random_int64 () / vclock_scale_get_unit (scale);

        g_assert_cmpint (vclock_time_to_scale (vclock_time_from_scale (value, scale), scale), ==,
                         value);
      }
}

/* A counter becomes a time without overflow, rounded down, whatever its frequency. */
static void
test_from_count (void)
{
  static const struct
  {
    gint64     count;
    gint64     frequency;
    VclockTime time;
  } cases[] = {
    { 0, 10000000, 0 },
    { 1, 10000000, 100 },
    { -1, 10000000, -100 },
    { 1, 3, 333333333 },
    { 2, 3, 666666666 },
    { 3579545, 3579545, 1000000000 },
    { 9000000000000000000, 3000000000, 3000000000000000000 },
    { G_MAXINT64, 1000000000, NEVER },
    { G_MAXINT64, 1, NEVER },
    { G_MAXINT64, G_MAXINT64, 1000000000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (vclock_time_from_count (cases[i].count, cases[i].frequency), ==,
                     cases[i].time);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time/add", test_add);
  g_test_add_func ("/time/subtract", test_subtract);
  g_test_add_func ("/time/random", test_random);
  g_test_add_func ("/time/from-wide", test_from_wide);
  g_test_add_func ("/time/divide", test_divide);
  g_test_add_func ("/time/divide-wide", test_divide_wide);
  g_test_add_func ("/time/from-scale", test_from_scale);
  g_test_add_func ("/time/to-scale", test_to_scale);
  g_test_add_func ("/time/scale-round-trip", test_scale_round_trip);
  g_test_add_func ("/time/from-count", test_from_count);

  return g_test_run ();
}
