/* tests/unit/engine/random_relay.h — the small world's second flow, in which all that goes between bodies happens
 * within a few acts: hand-over (open and sealed), receipt, return, designation, joint handling, requests, a
 * sub-case. */
#ifndef FQ_TEST_RANDOM_RELAY_H
#define FQ_TEST_RANDOM_RELAY_H

#include "world.h"

static const char random_relay[] =
    "{'api':1,'source':'0','id':'relay','title':'接力','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true,'max':50},"
    "{'name':'sum','title':'金额','type':'money'},"
    "{'name':'to','title':'去向','type':'body','open':false}],"
    "'clocks':[{'name':'sign','title':'签收','limit':'3 workdays','kind':'max','from':['incoming'],"
    "'to':['work'],'drop':['back','off'],'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]},"
    "{'name':'handle','title':'办理','limit':'10 days','from':['work'],'to':['done','dropped'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'},"
    "{'do':'escalate','to':{'kind':'parent'}}]}]},"
    "{'name':'perform','title':'履行','limit':'5 days','from':['agreed'],'to':['done'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'go','name':'done'}]}]}],"
    "'states':[{'name':'new','title':'已登记','initial':true,'work':'w'},"
    "{'name':'incoming','title':'已移送','arrival':true,'work':'w'},"
    "{'name':'work','title':'办理中','work':'w','handling':true,'adhoc':['visit','part','watch']},"
    "{'name':'joined','title':'会办中','work':'w','handling':true,'adhoc':['visit'],"
    "'joint':{'title':'会办意见','lead':{'kind':'host'},'to':[{'kind':'kind','name':'xfj','min':3,'max':3},"
    "{'kind':'kind','name':'sfs','min':2,'max':2}],'limit':'3 workdays','done':'lead','steps':[]}},"
    "{'name':'away','title':'移送中'},{'name':'there','title':'对方办理中'},"
    "{'name':'agreed','title':'履行中','work':'w','outcome':'达成协议'},"
    "{'name':'back','title':'退回','final':true},{'name':'dropped','title':'撤回','final':true},"
    "{'name':'off','title':'不再需要','final':true,'called_off':true,'outcome':'撤回'},"
    "{'name':'done','title':'办结','final':true,'outcome':'调解成功'}],"
    "'tasks':[{'name':'visit','title':'走访','limit':'3 workdays','steps':[]},"
    "{'name':'watch','title':'报告进展','limit':'5 workdays','stays':true,'steps':[]},"
    "{'name':'part','title':'子案','hand_over':{'flow':'relay','to':{'kind':'kind','name':'sfs'},"
    "'carry':[{'name':'subject','from':'subject'}]}}],"
    "'actions':[{'name':'begin','title':'受理','from':['new'],'to':'work','by':['w'],'takes':true},"
    "{'name':'receive','title':'签收','from':['incoming'],'to':'work','by':['w'],'receipt':'accept','takes':true},"
    "{'name':'give_back','title':'退件','from':['incoming'],'to':'back','by':['w'],'reason':true,"
    "'receipt':'return','within':'sign'},"
    "{'name':'pass','title':'移送','from':['work','agreed'],'to':'away','by':['w'],'form':[{'name':'to','required':true}],"
    "'hand_over':{'flow':'relay','to':{'kind':'field','name':'to'},'max_hops':2,"
    "'carry':[{'name':'subject','from':'subject'},{'name':'sum','from':'sum'}],"
    "'received':[{'do':'go','name':'there'}],'returned':[{'do':'go','name':'work'}],"
    "'closed':[{'outcome':'达成协议','outcomes':[{'do':'go','name':'agreed'},{'do':'mark','name':'yellow'}]},"
    "{'outcome':'调解成功','outcomes':[{'do':'go','name':'done'}]},"
    "{'outcomes':[{'do':'go','name':'work'}]}]}},"
    "{'name':'seal','title':'密送','from':['work'],'to':'away','by':['w'],'form':[{'name':'to','required':true}],"
    "'hand_over':{'flow':'relay','to':{'kind':'field','name':'to'},'sealed':true,'returned':[{'do':'go','name':'work'}],"
    "'closed':[{'outcomes':[{'do':'go','name':'work'}]}]}},"
    "{'name':'dispute','title':'请上级指定','from':['incoming'],'by':['w'],'route':{'kind':'common','name':'xfj'}},"
    "{'name':'join','title':'会办','from':['work'],'to':'joined','by':['w']},"
    "{'name':'joined_up','title':'会办完毕','from':['joined'],'to':'work','by':['w'],'needs':['joint']},"
    "{'name':'recall','title':'收回','from':['away','there'],'to':'work','by':['w']},"
    "{'name':'drop','title':'撤回案件','from':['work','away','there'],'to':'dropped','by':['w']},"
    "{'name':'agree','title':'达成','from':['work'],'to':'agreed','by':['w']},"
    "{'name':'finish','title':'办结案件','from':['work','agreed'],'to':'done','by':['w']}]}";

/* Every body handles both flows, every level has its people, mediators decide on recusals. */
static void random_relay_furnish(struct engine *engine)
{
    static const char *const more[][2] = {
        {"d2", "district.xfj"}, {"d3", "district.xfj"}, {"k1", "city.xfj"}, {"k2", "city.xfj"}};
    struct err err = {0};
    json_t *org = json_lit(world_org), *bodies = json_object_get(org, "bodies"), *rights = json_lit(world_rights);
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_object_set_new(json_array_get(bodies, i), "hosts", json_string("demo relay"));
    }
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        json_array_append_new(json_object_get(org, "persons"),
            json_pack("{s:s,s:s,s:s}", "id", more[i][0], "name", "演示人员", "demo", "1"));
        json_array_append_new(json_object_get(org, "members"),
            json_pack("{s:s,s:s,s:s,s:s,s:s}", "user", more[i][0], "body", more[i][1], "role", "mediator", "from",
                "2000-01-01", "to", ""));
    }
    json_object_set_new(
        json_object_get(json_array_get(rights, 0), "rights"), "case.recuse", json_string("body"));
    engine_set_org(engine, org_load(org, &err));
    engine_set_access(engine, access_load(rights, &err));
    assert_string_equal("", err.message);
    json_decref(org);
    json_decref(rights);
    world_use(&(struct world){.engine = engine}, random_relay);
}

#endif
