#!/bin/bash
# Builds the bench's machine in a folder: build-machine.sh <folder>. Debian 12 on x64, as root; about 3 minutes.
# Left there: kernel, initrd.gz and root.img (Debian with its own kernel; drivers of a camera and of a GPIO chip that exist in
# software; systemd; an agent that runs what the bench sends down a virtio port). Portico is not in it: installing is part of the bench.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:?usage: build-machine.sh <folder>}"
readonly ROOT_SIZE=4G

# Tools of the bench, and what the installer asks for: it finds that there, since fetching is not what is tried.
GUEST_PACKAGES=systemd-sysv,udev,dbus,kmod,iproute2,procps,v4l-utils,e2fsprogs,mosquitto
GUEST_PACKAGES+=,$("$here/../../scripts/install" --list-packages | paste -sd,)

# Off in Debian's kernel, or outside it; compiled here against its headers.
OUT_OF_TREE=(gpio-sim irq_sim v4l2loopback)
IN_TREE=(videodev ext4 virtio_blk virtio_pci virtio_rng virtio_console configfs)

say() { echo "bench: $* (${SECONDS} s)"; }
apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@"; }

install_tools() {
  say 'tools of this machine'
  apt update
  release=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: linux-image-\([0-9].*\)/\1/p' | head -1)
  apt install -y --no-install-recommends qemu-system-x86 qemu-utils mmdebstrap busybox-static kmod cpio e2fsprogs \
    xz-utils make gcc "linux-headers-$release" >apt.log
}

fetch_kernel() {
  say "kernel $release"
  rm -rf kernel-tree packages sources modules
  mkdir -p kernel-tree packages sources modules/{gpio,loopback}
  # As root: the folder is nobody else's.
  (cd packages && apt-get -qq -o APT::Sandbox::User=root download "linux-image-$release" linux-source-6.1 v4l2loopback-dkms)
  dpkg-deb -x packages/linux-image-*.deb kernel-tree
  dpkg-deb -x packages/v4l2loopback-dkms_*.deb sources
  dpkg-deb --fsys-tarfile packages/linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz |
    tar -xJ -C sources --strip-components=1 linux-source-6.1/drivers/gpio linux-source-6.1/kernel/irq/irq_sim.c
  cp "kernel-tree/boot/vmlinuz-$release" kernel
}

# gpio-sim needs the simulated interrupts, which Debian's kernel leaves out: they become a module too, and reach
# the descriptor of an interrupt by exported functions.
build_modules() {
  say "modules: ${OUT_OF_TREE[*]}"
  cp sources/drivers/gpio/{gpio-sim.c,gpiolib.h} sources/kernel/irq/irq_sim.c modules/gpio/
  sed -i -e 's/\birq_to_desc(\([a-z]*\))/irq_data_to_desc(irq_get_irq_data(\1))/' \
    -e '/^#include <linux\/slab.h>/a #include <linux/module.h>\n#include <linux/irqdesc.h>' modules/gpio/irq_sim.c
  echo 'MODULE_LICENSE("GPL");' >>modules/gpio/irq_sim.c
  echo 'obj-m := irq_sim.o gpio-sim.o' >modules/gpio/Kbuild
  cp sources/usr/src/v4l2loopback-*/v4l2loopback* modules/loopback/
  echo 'obj-m := v4l2loopback.o' >modules/loopback/Kbuild
  local part
  for part in gpio loopback; do
    make -s -C "/usr/src/linux-headers-$release" M="$PWD/modules/$part" modules >"modules/$part.log" 2>&1 ||
      { cat "modules/$part.log" >&2; exit 1; }
    strip --strip-debug "modules/$part"/*.ko
  done
  depmod -b kernel-tree "$release"
}

modules_with_dependencies() {
  modprobe -d kernel-tree -S "$release" --show-depends -a "$@" 2>/dev/null | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

make_root() {
  say 'root file system'
  rm -rf root
  local exclude path mirrors
  exclude=(--dpkgopt=force-unsafe-io)
  for path in doc man locale; do exclude+=("--dpkgopt=path-exclude=/usr/share/$path/*"); done
  mirrors=$(find /etc/apt -name sources.list -o -name '*.sources' -path '*sources.list.d*' | head -1)
  mmdebstrap --mode=root --variant=minbase --include="$GUEST_PACKAGES" "${exclude[@]}" bookworm root "$mirrors" >mmdebstrap.log 2>&1 ||
    { tail -n 5 mmdebstrap.log >&2; exit 1; }
  local tree=root/lib/modules/$release file
  mkdir -p "$tree/updates" root/mnt/bench
  while read -r file; do install -D "$file" "root/${file#*kernel-tree/}"; done < <(modules_with_dependencies "${IN_TREE[@]}")
  cp kernel-tree/lib/modules/"$release"/modules.{order,builtin,builtin.modinfo} "$tree/"
  cp modules/*/*.ko "$tree/updates/"
  depmod -b root "$release"
  echo bench >root/etc/hostname
  install -m 0755 "$here/guest/agent" root/usr/local/sbin/bench-agent
  install -m 0644 "$here/guest/bench-agent.service" root/etc/systemd/system/
  ln -sf ../bench-agent.service root/etc/systemd/system/multi-user.target.wants/bench-agent.service
  local unwanted
  for unwanted in systemd-networkd-wait-online mosquitto; do ln -sf /dev/null "root/etc/systemd/system/$unwanted.service"; done
  rm -f root.img
  truncate -s "$ROOT_SIZE" root.img
  mke2fs -q -t ext4 -d root root.img
}

make_initrd() {
  rm -rf early
  mkdir -p early/{bin,modules,proc,sys,dev,root}
  cp /bin/busybox early/bin/
  local file index=10
  while read -r file; do
    cp "$file" "early/modules/$index-$(basename "$file")"
    index=$((index + 1))
  done < <(modules_with_dependencies virtio_pci virtio_blk ext4)
  install -m 0755 "$here/guest/early-init" early/init
  (cd early && find . | cpio -o -H newc 2>/dev/null | gzip -1) >initrd.gz
}

install_tools
fetch_kernel
build_modules
make_root
make_initrd
rm -rf root early sources packages kernel-tree modules
say "built: $(du -m root.img | cut -f1) MiB"
