use super::{coin, next, output, params, script, sign, unsigned};
use crate::consensus::check_spend;

#[test]
fn an_honest_spend_leaves_its_fee() {
    let params = params();
    let coins = [coin(700), coin(300)];
    let mut spend = unsigned(2, vec![output(600, script(2)), output(150, script(1))]);
    sign(&params, &mut spend, &coins);
    assert_eq!(check_spend(&params, &spend, &coins, next()), Ok(250));
}
