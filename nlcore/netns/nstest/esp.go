package nstest

// ESP is IPsec with the algorithms that examples and tests use.
var ESP = Feature{
	Name: "ESP", Config: "CONFIG_INET_ESP",
	Probe: ByIP(
		"xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 1 enc cbc(aes) 0x000102030405060708090a0b0c0d0e0f auth hmac(sha256) 0x00",
		"xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 2 aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128"),
}
