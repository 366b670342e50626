# What capture.sh captures; link_test.go says the same in our words.

request bridge-tree ip link set dev br0 type bridge forward_delay 1236 hello_time 324 max_age 2348 ageing_time 40100 stp_state 1 stp_mode user priority 4660 group_fwd_mask 0x4018 group_address 01:80:c2:00:00:0d fdb_flush fdb_max_learned 70001
request bridge-vlan ip link set dev br0 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 4094 vlan_stats_enabled 1 vlan_stats_per_port 1
request bridge-vlan-off ip link set dev br0 type bridge vlan_filtering 0 vlan_protocol 802.1Q vlan_default_pvid 0
request bridge-multicast ip link set dev br0 type bridge mcast_router 2 mcast_snooping 0 mcast_query_use_ifaddr 1 mcast_querier 1 mcast_hash_elasticity 5 mcast_hash_max 512 mcast_last_member_count 5 mcast_startup_query_count 6 mcast_last_member_interval 104 mcast_membership_interval 26004 mcast_querier_interval 25504 mcast_query_interval 12504 mcast_query_response_interval 1004 mcast_startup_query_interval 3128 mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2
request bridge-options ip link set dev br0 type bridge mcast_vlan_snooping 1 mst_enabled 0 no_linklocal_learn 1 mdb_offload_fail_notification 0 fdb_local_vlan_0 1 nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 0
request bridge-option ip link set dev br0 type bridge mst_enabled 1
request bridge-add ip link add name br1 index 20 address 02:00:00:00:00:20 mtu 1400 txqueuelen 0 numtxqueues 3 numrxqueues 2 type bridge vlan_filtering 1 stp_state 0

request port-all ip link set dev v0 type bridge_slave fdb_flush state 2 priority 17 cost 4321 guard on hairpin on fastleave on root_block on learning off flood off proxy_arp on proxy_arp_wifi on mcast_router 3 mcast_flood off bcast_flood off mcast_to_unicast on group_fwd_mask 0x4018 neigh_suppress on neigh_vlan_suppress on neigh_forward_grat on vlan_tunnel on isolated on locked on mab on backup_port w0 backup_nhid 77
request port-nobackup ip link set dev v0 type bridge_slave nobackup_port hairpin off
request port-protinfo bridge link set dev v0 learning_sync on mcast_max_groups 7 cost 5

request link-set ip link set dev w1 address 02:00:00:00:00:aa broadcast ff:ff:ff:ff:ff:0f mtu 1401 txqueuelen 77 alias cable group 4242 mode dormant state up carrier off protodown on gso_max_size 60001 gso_max_segs 101 gro_max_size 60002 gso_ipv4_max_size 50003 gro_ipv4_max_size 50004 addrgenmode none
request link-noalias ip link set dev w1 alias ''
request link-reason ip link set dev w1 protodown_reason 5 on
request link-flags ip link set dev w1 up arp off multicast off allmulticast on promisc on dynamic on trailers off
request link-down ip link set dev w1 down arp on promisc off
request link-name ip link set dev w1 name wan
request link-master ip link set dev w1 master br0
request link-nomaster ip link set dev v0 nomaster
request link-del ip link del dev v0
request link-on ip link add link w1 name mv0 index 40 type macvlan
request link-altnames ip link property add dev w1 altname left altname left-hand-end-of-the-cable
request link-altname-del ip link property del dev w1 altname left
request veth-add ip link add name x0 index 30 mtu 1400 type veth peer name x1 index 31 address 02:00:00:00:00:31 mtu 1300 txqueuelen 55 numtxqueues 4

# Each yes-or-no word has a pattern of its own over these captures, so that no
# two of them can be taken for each other: word i is on in capture j where bit
# j of i is set.
pattern() { # J ON OFF WORD...
	j=$1 on=$2 off=$3 i=0 words=
	shift 3
	for word; do
		i=$((i + 1))
		if [ $((i >> j & 1)) = 1 ]; then words="$words $word $on"; else words="$words $word $off"; fi
	done
}
for bit in 0 1 2 3 4; do
	pattern $bit 1 0 vlan_filtering vlan_stats_enabled vlan_stats_per_port mcast_snooping mcast_query_use_ifaddr mcast_querier mcast_stats_enabled mcast_vlan_snooping mst_enabled no_linklocal_learn mdb_offload_fail_notification fdb_local_vlan_0 nf_call_iptables nf_call_ip6tables nf_call_arptables
	# shellcheck disable=SC2086
	request bridge-bits-$bit ip link set dev br0 type bridge $words
	pattern $bit on off guard hairpin fastleave root_block learning flood proxy_arp proxy_arp_wifi mcast_flood bcast_flood mcast_to_unicast neigh_suppress neigh_vlan_suppress neigh_forward_grat vlan_tunnel isolated locked mab
	# shellcheck disable=SC2086
	request port-bits-$bit ip link set dev v0 type bridge_slave $words
done
request bridge-numbers ip link set dev br0 type bridge mcast_router 0 mcast_mld_version 1 mcast_igmp_version 2 stp_state 0 mcast_startup_query_count 0 mcast_hash_elasticity 6 vlan_default_pvid 3 stp_mode kernel
request link-modes ip link set dev w1 mode default state dormant carrier on protodown on
request link-more-flags ip link set dev w1 up promisc off allmulticast on dynamic off multicast on trailers off

# kinds_test.go says these in our words.
request dummy-add ip link add name d0 index 40 mtu 1400 type dummy
request ifb-add ip link add name i0 index 40 txqueuelen 32 type ifb
request vlan-add ip link add link w1 name x0 index 40 type vlan id 77 protocol 802.1ad reorder_hdr off gvrp on mvrp off loose_binding on bridge_binding on ingress-qos-map 1:5 3:4000000000 egress-qos-map 4000000000:7
request vlan-set ip link set dev w1 type vlan mvrp on loose_binding off egress-qos-map 6:3
request vxlan-add ip link add name x0 index 40 type vxlan id 11259375 group 239.1.2.3 local 127.0.0.1 dev w1 dstport 4799 srcport 1000 2000 ttl 5 tos 0x10 df set ageing 77 maxaddress 5 nolearning proxy rsc l2miss l3miss noudpcsum udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx gbp nolocalbypass mcroute
request vxlan-add6 ip link add name x0 index 40 type vxlan id 6 remote fe80::2 local fe80::1 dev w1 dstport 4789 ttl inherit
request vxlan-external ip link add name x0 index 40 type vxlan external vnifilter gpe dstport 4790 reserved_bits 0x77
request macvlan-add ip link add link w1 name x0 index 40 type macvlan mode source nodst bcqueuelen 1234 bclim -5 macaddr set 02:00:00:00:00:01 02:00:00:00:00:02
request macvlan-source ip link set dev w1 type macvlan macaddr add 02:00:00:00:00:03
request macvlan-flush ip link set dev w1 type macvlan macaddr flush
request macvtap-add ip link add link w1 name x0 index 40 type macvtap mode passthru nopromisc

reply show-plain ip -d -j link show

# Values that are no defaults, a port that says all, names, and a veth whose
# other end is in another namespace.
more='
"$bin/ip" link set dev br0 up type bridge ageing_time 40100 stp_state 1 group_fwd_mask 0x18 mcast_querier 1 mcast_igmp_version 3 no_linklocal_learn 1
"$bin/ip" link set dev v0 type bridge_slave cost 77 hairpin on isolated on backup_port w0 backup_nhid 9 proxy_arp on
"$bin/ip" link set dev v0 alias "to the lab"
"$bin/ip" link property add dev v0 altname left altname left-hand-end-of-the-cable
"$bin/ip" link set dev w1 group 42 mode dormant addrgenmode none arp off promisc on
"$bin/ip" link add link w1 name mv0 index 40 type macvlan
"$bin/ip" link set dev mv0 protodown on
"$bin/ip" link set dev mv0 protodown_reason 5 on
"$bin/ip" link add name far0 index 50 type veth peer name far1 index 51
mount -t tmpfs tmpfs /run
"$bin/ip" netns add far
"$bin/ip" link set dev far1 netns far
'
reply show-rich ip -d -j link show

# A bridge that hears another one ask for group members; that takes a while.
more='
mount -t tmpfs tmpfs /run
"$bin/ip" netns add far
"$bin/ip" link set dev v0 up
"$bin/ip" link set dev br0 up
"$bin/ip" link set dev v1 netns far
"$bin/ip" -n far link add name br1 index 20 address 02:00:00:00:00:20 type bridge mcast_querier 1 mcast_query_use_ifaddr 1
"$bin/ip" -n far addr add 10.0.0.1/24 dev br1
"$bin/ip" -n far link set dev v1 master br1 up
"$bin/ip" -n far link set dev br1 up
until "$bin/ip" -d -j link show dev br0 | grep -q "querier_ipv6.*other_timer"; do :; done
'
reply show-querier ip -d -j link show
more=

# xfrm_test.go says these in our words.
more=
request xfrm-state-gcm ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x301 mode tunnel reqid 7 aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128
request xfrm-state-cbc ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x302 mode transport enc 'cbc(aes)' 0x000102030405060708090a0b0c0d0e0f auth-trunc 'hmac(sha256)' 0x202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f 96 encap espinudp 4500 4501 10.9.0.1
request xfrm-state-ah ip xfrm state add src fd00::1 dst fd00::2 proto ah spi 0x303 auth 'hmac(sha1)' 0x000102030405060708090a0b0c0d0e0f10111213 sel src fd01::/64 dst fd02::/48 proto tcp sport 80 dport 443 dev v1
request xfrm-state-comp ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto comp spi 0x304 mode tunnel comp deflate
request xfrm-state-all ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x305 mode tunnel mark 0x64 mask 0xff reqid 7 seq 0x8 replay-window 16 replay-seq 5 replay-oseq 6 flag noecn decap-dscp nopmtudisc wildrecv icmp af-unspec align4 extra-flag dont-encap-dscp oseq-may-wrap limit time-soft 11 limit time-hard 12 limit time-use-soft 13 limit time-use-hard 14 limit byte-soft 15 limit byte-hard 16 limit packet-soft 17 limit packet-hard 18 output-mark 0x5 mask 0xf if_id 0x42 tfcpad 99 dir in pcpu-num 3 enc 'ecb(cipher_null)' '' auth 'hmac(md5)' 0x0102
request xfrm-state-hao ip xfrm state add src fd00::1 dst fd00::2 proto hao mode ro coa fd00::3
request xfrm-state-esn ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x306 mode tunnel flag esn replay-window 40 replay-seq 5 replay-seq-hi 1 replay-oseq 6 replay-oseq-hi 2 enc aes 0x000102030405060708090a0b0c0d0e0f
request xfrm-state-window ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x307 mode tunnel replay-window 128 enc aes 0x000102030405060708090a0b0c0d0e0f
request xfrm-state-offload ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x308 mode transport enc aes 0x000102030405060708090a0b0c0d0e0f offload packet dev v1 dir in
request xfrm-state-update ip xfrm state update src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x301 mode tunnel enc aes 0x000102030405060708090a0b0c0d0e0f
request xfrm-state-del ip xfrm state delete src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x301 mark 0x64 mask 0xff
request xfrm-state-flush ip xfrm state flush proto esp
request xfrm-policy-tunnel ip xfrm policy add src 10.0.0.0/24 dst 10.1.0.0/16 dir out priority 100 tmpl src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x301 mode tunnel reqid 7 level use tmpl proto comp mode transport reqid 8
request xfrm-policy-all ip xfrm policy add src fd01::/64 dst fd02::/48 proto udp sport 500 dport 4500 dev v1 dir in mark 0x64 mask 0xff index 0x10 ptype sub action block priority 101 flag localok icmp if_id 0x42 limit time-soft 11 limit time-hard 12 limit time-use-soft 13 limit time-use-hard 14 limit byte-soft 15 limit byte-hard 16 limit packet-soft 17 limit packet-hard 18
request xfrm-policy-icmp ip xfrm policy update src 10.0.0.1 dst 10.0.0.2 proto icmp type 8 code 0 dir fwd
request xfrm-policy-gre ip xfrm policy add src 10.0.0.1 dst 10.0.0.2 proto gre key 1.2.3.4 dir out
request xfrm-policy-any ip xfrm policy add dir out action block
request xfrm-policy-offload ip xfrm policy add src 10.0.0.1 dst 10.0.0.2 dir out offload packet dev v1
request xfrm-policy-del ip xfrm policy delete src 10.0.0.0/24 dst 10.1.0.0/16 dir out mark 0x64 mask 0xff if_id 0x42 ptype sub
request xfrm-policy-del-index ip xfrm policy delete index 16 dir in
request xfrm-policy-flush ip xfrm policy flush

# route_test.go says these in our words.
request route-seg6-inline ip -6 route add fd01::/64 encap seg6 mode inline segs fc00::1,fc00::2 dev lo
request route-seg6-hmac ip -6 route add fd01::/64 encap seg6 mode encap segs fc00::1,fc00::2 hmac 7 dev lo
request route-seg6-tunsrc ip -6 route add fd01::/64 encap seg6 mode encap tunsrc fd00::1 segs fc00::1 dev lo
request route-seg6local-count ip -6 route add fd02::/64 encap seg6local action End.X nh6 fd00::1 count dev lo
request route-seg6local-srh ip -6 route add fd02::/64 encap seg6local action End.B6.Encaps srh segs fc00::1,fc00::2 dev lo
request route-seg6local-flavors ip -6 route add fd02::/64 encap seg6local action End flavors psp,usd,next-csid lblen 32 nflen 16 dev lo
request route-seg6local-oif ip -6 route add fd02::/64 encap seg6local action End.DX2 oif lo dev lo
request route-seg6local-vrftable ip -6 route add fd02::/64 encap seg6local action End.DT46 vrftable 100 dev lo
request route-rpl ip -6 route add fd03::/64 encap rpl segs fc00::1,fc00::2 dev lo
request route-ioam6 ip -6 route add fd04::/64 encap ioam6 freq 2/5 mode encap tunsrc fd00::1 tundst fd00::9 trace prealloc type 0x800000 ns 1 size 12 dev lo
request route-xfrm ip route add 10.4.0.0/16 encap xfrm if_id 3 link_dev lo dev lo
request route-mpls ip route add 10.1.0.0/16 encap mpls 100/200 ttl 64 via inet 10.0.0.2 dev lo
