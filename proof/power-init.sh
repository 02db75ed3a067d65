#!/busybox sh
# The first process of the proof's machine: modules, this machine's files, then the shared run.sh.
b=/busybox
$b mkdir -p /proc /sys /dev /root
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in /modules/*; do $b insmod $module 2>/dev/null; done
options=trans=virtio,version=9p2000.L,msize=1048576
$b mount -t 9p -o $options,ro,cache=loose host /root
$b mount -t tmpfs -o size=90% tmp /root/mnt
$b mkdir -p /root/mnt/share /root/mnt/tmp /root/mnt/disk
$b mount -t 9p -o $options,access=any share /root/mnt/share
for place in proc sys dev; do $b mount --move /$place /root/$place; done
exec $b switch_root /root /bin/sh -c '
  mount -t tmpfs tmp /run
  export HOME=/mnt/tmp TMPDIR=/mnt/tmp PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  cd /mnt/tmp
  sh /mnt/share/run.sh </dev/null 2>&1
  echo o >/proc/sysrq-trigger
  sleep 60
'
