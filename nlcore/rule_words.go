package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// RuleAction is what a rule does with a packet.
type RuleAction uint8

// The actions.
const (
	RuleLookup      RuleAction = uapi.FR_ACT_TO_TBL
	RuleGoto        RuleAction = uapi.FR_ACT_GOTO
	RuleNop         RuleAction = uapi.FR_ACT_NOP
	RuleBlackhole   RuleAction = uapi.FR_ACT_BLACKHOLE
	RuleUnreachable RuleAction = uapi.FR_ACT_UNREACHABLE
	RuleProhibit    RuleAction = uapi.FR_ACT_PROHIBIT
)

var ruleActions = attr.NewEnum("action", "", "lookup|unicast", "goto", "nop", "", "", "blackhole", "unreachable", "prohibit")

// String is the action's word.
func (a RuleAction) String() string { return ruleActions.Text(uint64(a)) }
