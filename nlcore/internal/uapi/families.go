package uapi

import "golang.org/x/sys/unix"

// Address families. The kernel's user headers leave them to the C library.
const (
	AF_UNSPEC  = unix.AF_UNSPEC
	AF_UNIX    = unix.AF_UNIX
	AF_INET    = unix.AF_INET
	AF_BRIDGE  = unix.AF_BRIDGE
	AF_INET6   = unix.AF_INET6
	AF_NETLINK = unix.AF_NETLINK
	AF_PACKET  = unix.AF_PACKET
	AF_MPLS    = unix.AF_MPLS
	AF_CAN     = unix.AF_CAN
	AF_TIPC    = unix.AF_TIPC
	AF_VSOCK   = unix.AF_VSOCK
	AF_SMC     = unix.AF_SMC
	AF_XDP     = unix.AF_XDP
	AF_MCTP    = unix.AF_MCTP

	// RTNL_FAMILY_IPMR and RTNL_FAMILY_IP6MR come from rtnetlink.h: the
	// multicast routing tables are asked for under these.
)
