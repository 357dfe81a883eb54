/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a service manager gets each state as one datagram, by path or abstract name, and nothing
 * happens without one.
 * Method: a Unix datagram socket of our own as NOTIFY_SOCKET.
 */
#include "host/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t count = strlen(name);
    assert_true(count < sizeof address.sun_path);
    memcpy(address.sun_path, name, count);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(listener >= 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, bytes), 0);
    return listener;
}

static void assert_told(int listener, const char *expected)
{
    char got[64] = "";
    ssize_t count = recv(listener, got, sizeof got - 1, 0);
    assert_int_equal(count, strlen(expected));
    assert_string_equal(got, expected);
}

static void a_path_is_told(void **state)
{
    (void)state;
    char directory[] = "/tmp/dojima-notify-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/socket", directory);
    int listener = listen_at(path);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    host_notify("READY=1");
    host_notify("STOPPING=1");
    assert_told(listener, "READY=1");
    assert_told(listener, "STOPPING=1");
    close(listener);
    assert_int_equal(unlink(path) | rmdir(directory), 0);
    host_notify("READY=1"); /* nobody there any more */
}

static void an_abstract_name_is_told(void **state)
{
    (void)state;
    char name[64];
    snprintf(name, sizeof name, "@dojima-notify-%d", (int)getpid());
    int listener = listen_at(name);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    host_notify("STATUS=open");
    assert_told(listener, "STATUS=open");
    close(listener);
}

static void nobody_is_told(void **state)
{
    (void)state;
    char longer[256];
    memset(longer, 'a', sizeof longer - 1);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(setenv("NOTIFY_SOCKET", longer, 1), 0);
    host_notify("READY=1");
    assert_int_equal(setenv("NOTIFY_SOCKET", "relative", 1), 0);
    host_notify("READY=1");
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    host_notify("READY=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_told),
        cmocka_unit_test(an_abstract_name_is_told),
        cmocka_unit_test(nobody_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
