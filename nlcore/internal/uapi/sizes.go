package uapi

// Sizes in bytes of the C structures that netlink messages begin with or
// attributes carry, the same on every architecture but where noted.
const (
	SizeofNlMsghdr   = 16 // struct nlmsghdr
	SizeofNlMsgerr   = 20 // struct nlmsgerr: the errno and the header it answers
	SizeofNlAttr     = 4  // struct nlattr
	SizeofBitfield32 = 8  // struct nla_bitfield32
	SizeofGenlMsghdr = 4  // struct genlmsghdr
	SizeofNfGenMsg   = 4  // struct nfgenmsg

	SizeofRtGenmsg       = 1  // struct rtgenmsg; padded to 4 in a message
	SizeofIfInfomsg      = 16 // struct ifinfomsg
	SizeofIfAddrmsg      = 8  // struct ifaddrmsg
	SizeofIfAddrlblmsg   = 12 // struct ifaddrlblmsg
	SizeofRtMsg          = 12 // struct rtmsg
	SizeofRtNexthop      = 8  // struct rtnexthop
	SizeofRtVia          = 2  // struct rtvia without its address
	SizeofNdMsg          = 12 // struct ndmsg
	SizeofNdtMsg         = 4  // struct ndtmsg
	SizeofNdtConfig      = 32 // struct ndt_config
	SizeofNdtStats       = 88 // struct ndt_stats
	SizeofNdaCacheinfo   = 16 // struct nda_cacheinfo
	SizeofFibRuleHdr     = 12 // struct fib_rule_hdr
	SizeofFibRulePorts   = 4  // struct fib_rule_port_range
	SizeofFibRuleUIDs    = 8  // struct fib_rule_uid_range
	SizeofNhMsg          = 8  // struct nhmsg
	SizeofNexthopGrp     = 8  // struct nexthop_grp
	SizeofNetconfMsg     = 1  // struct netconfmsg; padded to 4 in a message
	SizeofIfStatsMsg     = 12 // struct if_stats_msg
	SizeofIfaCacheinfo   = 16 // struct ifa_cacheinfo
	SizeofRtaCacheinfo   = 32 // struct rta_cacheinfo
	SizeofRtaMfcStats    = 24 // struct rta_mfc_stats
	SizeofPrefixmsg      = 12 // struct prefixmsg
	SizeofPrefixCache    = 8  // struct prefix_cacheinfo
	SizeofNdUserOptMsg   = 16 // struct nduseroptmsg
	SizeofBrPortMsg      = 8  // struct br_port_msg
	SizeofBrVlanMsg      = 8  // struct br_vlan_msg
	SizeofBrMdbEntry     = 28 // struct br_mdb_entry
	SizeofBridgeVlanInfo = 4  // struct bridge_vlan_info
	SizeofBridgeVlanXst  = 40 // struct bridge_vlan_xstats

	SizeofLinkStats     = 96  // struct rtnl_link_stats
	SizeofLinkStats64   = 200 // struct rtnl_link_stats64
	SizeofLinkIfmap     = 32  // struct rtnl_link_ifmap
	SizeofVfMac         = 36  // struct ifla_vf_mac
	SizeofVfVlan        = 12  // struct ifla_vf_vlan
	SizeofVfVlanInfo    = 16  // struct ifla_vf_vlan_info
	SizeofVfTxRate      = 8   // struct ifla_vf_tx_rate
	SizeofVfRate        = 12  // struct ifla_vf_rate
	SizeofVfSpoofchk    = 8   // struct ifla_vf_spoofchk
	SizeofVfLinkState   = 8   // struct ifla_vf_link_state
	SizeofVfRssQueryEn  = 8   // struct ifla_vf_rss_query_en
	SizeofVfTrust       = 8   // struct ifla_vf_trust
	SizeofVfGUID        = 16  // struct ifla_vf_guid
	SizeofPortVsi       = 8   // struct ifla_port_vsi
	SizeofVlanFlags     = 8   // struct ifla_vlan_flags
	SizeofVlanQosMap    = 8   // struct ifla_vlan_qos_mapping
	SizeofVxlanPorts    = 4   // struct ifla_vxlan_port_range
	SizeofGenevePorts   = 4   // struct ifla_geneve_port_range
	SizeofInet6Cache    = 16  // struct ifla_cacheinfo
	SizeofIPTunnel6rd   = 24  // struct ip_tunnel_6rd
	SizeofRmnetFlags    = 8   // struct ifla_rmnet_flags
	SizeofCanBittiming  = 32  // struct can_bittiming
	SizeofCanCtrlmode   = 8   // struct can_ctrlmode
	SizeofCanClock      = 4   // struct can_clock
	SizeofCanBerr       = 4   // struct can_berr_counter
	SizeofCanDevStats   = 24  // struct can_device_stats
	SizeofSockaddrIn    = 16  // struct sockaddr_in
	SizeofSockaddrIn6   = 28  // struct sockaddr_in6
	SizeofTimespec64    = 16  // struct __kernel_timespec
	SizeofInetDiagReqV2 = 56  // struct inet_diag_req_v2
	SizeofInetDiagMsg   = 72  // struct inet_diag_msg

	SizeofTcMsg          = 20   // struct tcmsg
	SizeofTcaMsg         = 4    // struct tcamsg
	SizeofTcStats        = 40   // struct tc_stats; 36 used, and padded to its 64-bit member
	SizeofTcRateSpec     = 12   // struct tc_ratespec
	SizeofTcSizeSpec     = 24   // struct tc_sizespec
	SizeofTcEstimator    = 2    // struct tc_estimator
	SizeofTcPolice       = 56   // struct tc_police
	SizeofTcfT           = 32   // struct tcf_t
	SizeofTcHtbOpt       = 44   // struct tc_htb_opt
	SizeofTcHtbGlob      = 20   // struct tc_htb_glob
	SizeofTcTbfQopt      = 36   // struct tc_tbf_qopt
	SizeofTcNetemQopt    = 24   // struct tc_netem_qopt
	SizeofTcPrioQopt     = 20   // struct tc_prio_qopt
	SizeofTcMqprioQopt   = 82   // struct tc_mqprio_qopt
	SizeofTcSfqQopt      = 20   // struct tc_sfq_qopt
	SizeofTcSfqQoptV1    = 72   // struct tc_sfq_qopt_v1
	SizeofTcRedQopt      = 16   // struct tc_red_qopt
	SizeofTcServiceCurve = 12   // struct tc_service_curve
	SizeofTcHfscQopt     = 2    // struct tc_hfsc_qopt
	SizeofTcPeditKey     = 24   // struct tc_pedit_key
	SizeofTcU32Sel       = 16   // struct tc_u32_sel without its keys
	SizeofTcU32Key       = 16   // struct tc_u32_key
	SizeofTcMirred       = 28   // struct tc_mirred
	SizeofTcGact         = 20   // struct tc_gact
	SizeofTcVlan         = 24   // struct tc_vlan
	SizeofTcSkbedit      = 20   // struct tc_skbedit
	SizeofRateTable      = 1024 // a token bucket's rate table: 256 times 4
)

// Sizes of the xfrm structures; identical on 64-bit architectures. The kernel
// refuses 32-bit layouts in some messages, so only these are used.
const (
	SizeofXfrmAddress       = 16  // xfrm_address_t
	SizeofXfrmID            = 24  // struct xfrm_id
	SizeofXfrmSelector      = 56  // struct xfrm_selector
	SizeofXfrmLifetimeCfg   = 64  // struct xfrm_lifetime_cfg
	SizeofXfrmLifetimeCur   = 32  // struct xfrm_lifetime_cur
	SizeofXfrmStats         = 12  // struct xfrm_stats
	SizeofXfrmReplay        = 12  // struct xfrm_replay_state
	SizeofXfrmReplayEsn     = 24  // struct xfrm_replay_state_esn without its bitmap
	SizeofXfrmAlgo          = 68  // struct xfrm_algo without its key
	SizeofXfrmAlgoAuth      = 72  // struct xfrm_algo_auth without its key
	SizeofXfrmAlgoAead      = 72  // struct xfrm_algo_aead without its key
	SizeofXfrmEncapTmpl     = 24  // struct xfrm_encap_tmpl
	SizeofXfrmUserTmpl      = 64  // struct xfrm_user_tmpl
	SizeofXfrmUserSec       = 8   // struct xfrm_user_sec_ctx
	SizeofXfrmSecCtx        = 8   // struct xfrm_sec_ctx without its text
	SizeofXfrmUsersaInfo    = 224 // struct xfrm_usersa_info
	SizeofXfrmUsersaID      = 24  // struct xfrm_usersa_id
	SizeofXfrmUsersaFlush   = 1   // struct xfrm_usersa_flush
	SizeofXfrmUserSpiInfo   = 232 // struct xfrm_userspi_info
	SizeofXfrmUserpolicy    = 168 // struct xfrm_userpolicy_info
	SizeofXfrmUserpolicyID  = 64  // struct xfrm_userpolicy_id
	SizeofXfrmPolicyType    = 6   // struct xfrm_userpolicy_type
	SizeofXfrmUserExpire    = 232 // struct xfrm_user_expire
	SizeofXfrmUserPolExpire = 176 // struct xfrm_user_polexpire
	SizeofXfrmUserAcquire   = 280 // struct xfrm_user_acquire
	SizeofXfrmUserReport    = 60  // struct xfrm_user_report
	SizeofXfrmUserMigrate   = 76  // struct xfrm_user_migrate
	SizeofXfrmUserKmaddress = 40  // struct xfrm_user_kmaddress
	SizeofXfrmUserMapping   = 64  // struct xfrm_user_mapping
	SizeofXfrmAeventID      = 48  // struct xfrm_aevent_id
	SizeofXfrmUserOffload   = 8   // struct xfrm_user_offload
	SizeofXfrmMark          = 8   // struct xfrm_mark
	SizeofXfrmuSadHinfo     = 8   // struct xfrmu_sadhinfo
	SizeofXfrmuSpdInfo      = 24  // struct xfrmu_spdinfo
	SizeofXfrmuSpdHinfo     = 8   // struct xfrmu_spdhinfo
	SizeofXfrmuSpdThresh    = 2   // struct xfrmu_spdhthresh
	SizeofXfrmDefaultPolicy = 3   // struct xfrm_userpolicy_default
)

// NLA_TYPE_MASK is the part of an attribute's 16-bit type that is its number:
// without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
const NLA_TYPE_MASK = 0x3fff
