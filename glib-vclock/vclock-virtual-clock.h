/* SPDX-FileCopyrightText: 2026 The glib-vclock authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VCLOCK_INSIDE) && !defined (VCLOCK_COMPILATION)
# error "Only <glib-vclock/glib-vclock.h> can be included directly."
#endif

#include <gio/gio.h>

#include <glib-vclock/vclock-clock.h>

G_BEGIN_DECLS

/**
 * VclockWarpMode:
 * @VCLOCK_WARP_MODE_NONE: time goes on as the clock's parent and its owner have it
 * @VCLOCK_WARP_MODE_JUMP: time goes to the next deadline at once; QEMU's `sleep=off`
 * @VCLOCK_WARP_MODE_SLEEP: time goes to the next deadline while that is waited for in real time;
 *   QEMU's `sleep=on`
 *
 * What a virtual clock does when nothing is left to do.
 */
typedef enum
{
  VCLOCK_WARP_MODE_NONE,
  VCLOCK_WARP_MODE_JUMP,
  VCLOCK_WARP_MODE_SLEEP,
} VclockWarpMode;

#define VCLOCK_TYPE_VIRTUAL_CLOCK (vclock_virtual_clock_get_type ())

VCLOCK_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VclockVirtualClock, vclock_virtual_clock, VCLOCK, VIRTUAL_CLOCK, VclockClock)

/**
 * VclockVirtualClockClass:
 * @deadlock: class handler of [signal@Vclock.VirtualClock::deadlock]
 *
 * The class of virtual clocks.
 */
struct _VclockVirtualClockClass
{
  /*< private >*/
  VclockClockClass parent_class;

  /*< public >*/
  void (* deadlock) (VclockVirtualClock *self,
                     const GError       *error);

  /*< private >*/
  gpointer padding[7];
};

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_virtual_clock_new             (void) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_virtual_clock_new_with_parent (VclockClock         *parent) G_GNUC_WARN_UNUSED_RESULT;

VCLOCK_AVAILABLE_IN_ALL
VclockVirtualClock *vclock_virtual_clock_get_default     (void);

VCLOCK_AVAILABLE_IN_ALL
VclockClock        *vclock_virtual_clock_get_parent      (VclockVirtualClock  *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_set_parent      (VclockVirtualClock  *self,
                                                          VclockClock         *parent);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_get_rate        (VclockVirtualClock  *self,
                                                          gint64              *numerator,
                                                          gint64              *denominator);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_set_rate        (VclockVirtualClock  *self,
                                                          gint64               numerator,
                                                          gint64               denominator);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_pause           (VclockVirtualClock  *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_resume          (VclockVirtualClock  *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_virtual_clock_is_paused       (VclockVirtualClock  *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_advance         (VclockVirtualClock  *self,
                                                          VclockTime           span);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_jump            (VclockVirtualClock  *self,
                                                          VclockTime           to);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_virtual_clock_step            (VclockVirtualClock  *self);

VCLOCK_AVAILABLE_IN_ALL
gboolean            vclock_virtual_clock_run_until_idle  (VclockVirtualClock  *self,
                                                          guint64              limit,
                                                          GError             **error);

VCLOCK_AVAILABLE_IN_ALL
VclockWarpMode      vclock_virtual_clock_get_warp_mode      (VclockVirtualClock *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_set_warp_mode      (VclockVirtualClock *self,
                                                             VclockWarpMode      mode);

VCLOCK_AVAILABLE_IN_ALL
VclockTime          vclock_virtual_clock_get_warp_threshold (VclockVirtualClock *self);

VCLOCK_AVAILABLE_IN_ALL
void                vclock_virtual_clock_set_warp_threshold (VclockVirtualClock *self,
                                                             VclockTime          threshold);

/* The moves, while the main context settles: vclock-virtual-clock-settle.c. */

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_advance_async          (VclockVirtualClock  *self,
                                                      VclockTime           span,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_advance_finish         (VclockVirtualClock  *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_advance_settled        (VclockVirtualClock *self,
                                                      VclockTime          span);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_jump_async             (VclockVirtualClock  *self,
                                                      VclockTime           to,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_jump_finish            (VclockVirtualClock  *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_jump_settled           (VclockVirtualClock *self,
                                                      VclockTime          to);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_step_async             (VclockVirtualClock  *self,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_step_finish            (VclockVirtualClock  *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_step_settled           (VclockVirtualClock *self);

VCLOCK_AVAILABLE_IN_ALL
void     vclock_virtual_clock_run_until_idle_async   (VclockVirtualClock  *self,
                                                      guint64              limit,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_run_until_idle_finish  (VclockVirtualClock  *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

VCLOCK_AVAILABLE_IN_ALL
gboolean vclock_virtual_clock_run_until_idle_settled (VclockVirtualClock  *self,
                                                      guint64              limit,
                                                      GError             **error);

G_END_DECLS
