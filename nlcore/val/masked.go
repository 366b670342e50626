package val

// Masked is a number of which only the bits in Mask count.
type Masked[T ~uint8 | ~uint16 | ~uint32 | ~uint64] struct{ Value, Mask T }

// Mark says a firewall mark with all its bits.
func Mark(value uint32) Opt[Masked[uint32]] { return MarkMask(value, 1<<32-1) }

// MarkMask says the bits of a firewall mark that are in mask.
func MarkMask(value, mask uint32) Opt[Masked[uint32]] {
	return Some(Masked[uint32]{Value: value, Mask: mask})
}
