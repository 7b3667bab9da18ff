#!/bin/bash
# Builds one image in every form that Flowdown reads, for `tests/images.rs`:
#
#   tests/images/make.sh WORKDIR
#   FLOWDOWN_TEST_IMAGES=WORKDIR cargo test --test images
#
# Three layers: a minimal Debian with Python, an application with a virtual environment and models,
# and one that deletes, hides, replaces and links. Needs root, and on Debian
#   apt-get install --no-install-recommends mmdebstrap umoci skopeo zstd
# Neither a daemon nor an image registry takes part; packages come from those of Debian and PyPI. The
# file `rootfs.tar` of an earlier run is used again.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?usage: make.sh WORKDIR}"
cd "$1"

for program in mmdebstrap umoci skopeo python3 tar gzip; do
  command -v $program > /dev/null || { echo "make.sh needs \`$program\`" >&2; exit 2; }
done

[ -s rootfs.tar ] || mmdebstrap --quiet --variant=minbase --include=python3-minimal bookworm rootfs.tar

pack() { # FOLDER: one layer, the same bytes each time
  tar --directory "$1" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 --create --file "$1.tar" .
}

rm -rf app top
mkdir -p app/opt/venv/lib/python3.11/site-packages app/srv/models
python3 -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --root-user-action=ignore \
  --target app/opt/venv/lib/python3.11/site-packages requests==2.31.0 idna==3.4 charset-normalizer==3.3.2
printf 'requests==2.31.0\nidna==3.4\n' > app/srv/requirements.txt
python3 "$here/models.py" app/srv/models
echo first > app/srv/replaced
mkdir -p app/srv/emptied && echo x > app/srv/emptied/below
pack app

mkdir -p top/srv/models/withdrawn top/srv/emptied top/srv/links
: > top/srv/.wh.requirements.txt
: > top/srv/models/.wh.withdrawn
rmdir top/srv/models/withdrawn
echo new > top/srv/emptied/above
: > top/srv/emptied/.wh..wh..opq
echo second > top/srv/replaced
ln top/srv/replaced top/srv/linked
ln -s loop-b top/srv/links/loop-a
ln -s loop-a top/srv/links/loop-b
ln -s /srv/models/chat top/srv/links/absolute
ln -s ../models/chat/NOTICE top/srv/links/NOTICE
pack top

rm -rf layout-gzip layout-zstd layout-chunked unpacked ./*.docker.tar ./*.docker.tar.gz ./*.oci.tar
umoci init --layout layout-gzip
umoci new --image layout-gzip:app
for layer in rootfs app top; do
  umoci raw add-layer --image layout-gzip:app "$layer.tar"
done
umoci config --image layout-gzip:app --config.label org.opencontainers.image.licenses=Apache-2.0
umoci gc --layout layout-gzip
copy() { skopeo copy --quiet --insecure-policy "$@"; }
copy --dest-compress --dest-compress-format zstd oci:layout-gzip:app oci:layout-zstd:app
copy --dest-compress --dest-compress-format zstd:chunked oci:layout-gzip:app oci:layout-chunked:app
copy oci:layout-gzip:app docker-archive:app.docker.tar:example.org/app:1
copy oci:layout-gzip:app oci-archive:app.oci.tar:app
gzip --fast --keep app.docker.tar
umoci unpack --image layout-gzip:app unpacked
dpkg-query --admindir=unpacked/rootfs/var/lib/dpkg --show \
  --showformat='${db:Status-Status} ${Package} ${Version} ${Architecture}\n' > packages.txt
du -sh layout-gzip layout-zstd layout-chunked app.docker.tar app.docker.tar.gz app.oci.tar unpacked
