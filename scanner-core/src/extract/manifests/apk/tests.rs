use super::Apk;
use crate::extract::manifests::testing;

#[test]
fn reads_installed_packages() {
    testing::check(
        &Apk,
        "lib/apk/db/installed",
        "C:Q1abc=
P:musl-utils
V:1.2.4-r2
A:x86_64
S:36697
T:the musl c library (libc) implementation
L:MIT AND BSD-2-Clause AND GPL-2.0-or-later
o:musl
m:A Maintainer <a@example.org>
D:scanelf>1 !uclibc-utils so:libc.musl-x86_64.so.1 musl=1.2.4-r2
p:cmd:ldd=1.2.4-r2
F:usr
F:usr/bin
R:ldd

V:2
",
        "kind: apk
         package 1-14: architecture=x86_64 depends-on=[musl, scanelf] ecosystem=apk \
         license=[MIT AND BSD-2-Clause AND GPL-2.0-or-later] \
         maintainer=A Maintainer <a@example.org> name=musl-utils scope=runtime source-package=musl \
         state=installed version=1.2.4-r2
         ! manifest.entry-invalid 16: a paragraph names no package (`P:`)",
    );
    assert!(testing::wants(&Apk, "rootfs/lib/apk/db/installed", ""));
    assert!(!testing::wants(&Apk, "calib/apk/db/installed", ""));
}
